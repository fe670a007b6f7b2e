/** The page style of a report: one column, light or dark by the reader's preference, printable. */
export const reportStyle: string = `
:root{color-scheme:light dark;--page:#ffffff;--ink:#1f2328;--panel:#f6f8fa;--rule:#d0d7de;--link:#0072B2}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--ink:#e3e6ea;--panel:#1c2126;--rule:#3a4149;--link:#56B4E9}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1040px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:30px;line-height:1.2;margin:0 0 .3em}
h2{font-size:21px;margin:2.2em 0 .5em;padding-top:.8em;border-top:1px solid var(--rule)}
.lead{font-size:18px;max-width:48em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3em 1.4em;margin:1.2em 0;padding:1em 1.2em;background:var(--panel);border-radius:6px;overflow-wrap:anywhere}
dt{font-weight:600}dd{margin:0}
.how{max-width:52em}
figure{margin:1.6em 0;padding:14px 10px 10px;border:1px solid var(--rule);border-radius:6px;break-inside:avoid}
figcaption{padding:.4em .8em 0;font-size:14px;max-width:56em;opacity:.85}
pre{background:var(--panel);padding:1em;border-radius:6px;overflow:auto;font-size:13px}
details.list{margin:.6em 0;overflow-wrap:anywhere}
details.list ul.names{columns:16em}
details.list ul{font-size:13px;margin:.6em 0;padding-left:1.4em;max-height:28em;overflow:auto}
summary{cursor:pointer;color:var(--link)}
.alarm{border:2px solid #D55E00;border-radius:6px;padding:.8em 1em;margin:1em 0}
footer{margin-top:3em;font-size:13px;opacity:.75}
.concord-fragment table{width:100%}
@media (max-width:640px){dl{grid-template-columns:1fr}main{padding:20px 12px}}
@media print{summary{display:none}figure{border:0}}
`.trim();
