/** What a page narrower than this many pixels makes of tables: a card for each row. */
const narrow = 760;

/**
 * The page style of a report: one column, light or dark by the reader's preference, printable, nothing wider than a telephone
 * is. Contrasts are those of WCAG 2.2 AA or better.
 */
export const reportStyle: string = `
:root{color-scheme:light dark;--page:#ffffff;--ink:#1f2328;--quiet:#4d555e;--panel:#f6f8fa;--rule:#d0d7de;--link:#0a5c94}
@media (prefers-color-scheme:dark){:root{--page:#14171a;--ink:#e3e6ea;--quiet:#b4bcc5;--panel:#1c2126;--rule:#3a4149;--link:#6cbcf0}}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0 auto;max-width:1088px;padding:32px 24px 64px;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:30px;line-height:1.2;margin:0 0 .3em;overflow-wrap:anywhere}
h2{font-size:21px;margin:2.2em 0 .5em;padding-top:.8em;border-top:1px solid var(--rule);overflow-wrap:anywhere}
h3{font-size:17px;margin:1em 0 .3em;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible,button:focus-visible,select:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
main:focus{outline:none}
.skip{position:absolute;left:-999px;top:0;background:var(--page);padding:.6em 1em;z-index:2}
.skip:focus{left:8px;top:8px}
.lead{font-size:18px;max-width:48em;overflow-wrap:anywhere}
.contents{margin:1.4em 0;padding:.6em 1.2em;border:1px solid var(--rule);border-radius:6px}
.contents ol{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.3em 1.4em}
.contents a{display:inline-block;padding:.25em 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3em 1.4em;margin:1.2em 0;padding:1em 1.2em;background:var(--panel);border-radius:6px;overflow-wrap:anywhere}
dt{font-weight:600}dd{margin:0}
.how{max-width:52em;overflow-wrap:anywhere}
figure{margin:1.6em 0;padding:14px 10px 10px;border:1px solid var(--rule);border-radius:6px}
figure h3{margin:.1em .4em;font-size:18px}
figure .how{margin:.1em .5em .6em;font-size:14px;color:var(--quiet)}
figcaption{padding:.4em .6em 0;font-size:14px;max-width:58em;color:var(--quiet)}
.concord-figure{width:100%;overflow:hidden}
.tools{display:flex;flex-wrap:wrap;gap:.5em;padding:.4em .6em}
button,select{font:inherit;font-size:14px;color:inherit;background:var(--panel);border:1px solid #7d868f;border-radius:5px;padding:.3em .8em;min-height:30px;max-width:100%}
button:not(:disabled){cursor:pointer}
select option{color:CanvasText;background:Canvas}
.picker{position:sticky;top:0;z-index:1;margin:0;padding:.6em 0;background:var(--page);font-weight:600}
.methods{background:var(--panel);border-radius:6px;padding:.2em 1.2em .6em;max-width:60em;overflow-wrap:anywhere}
pre{background:var(--panel);padding:1em;border-radius:6px;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere}
details.list{margin:.6em 0;overflow-wrap:anywhere}
details.list ul.names{columns:16em}
details.list ul{font-size:13px;margin:.6em 0;padding-left:1.4em}
summary{cursor:pointer;color:var(--link)}
.alarm{border:2px solid #D55E00;border-radius:6px;padding:.8em 1em;margin:1em 0}
footer{margin-top:3em;font-size:13px;color:var(--quiet)}
.concord-fragment table{width:100%}
.concord-fragment .concord-note,.concord-fragment .concord-missing,.concord-fragment .concord-quiet{opacity:1;color:var(--quiet)}
.concord-fragment .concord-data thead th{background:var(--page)!important;z-index:1}
.concord-fragment .concord-sort{display:inline-block;min-height:24px}
.concord-fragment .concord-data tbody th{position:sticky;left:0;background:var(--page)}
.concord-fragment .concord-pager{flex-wrap:wrap;font-size:14px}
.concord-fragment .concord-pager button:disabled{opacity:.55}
@media screen and (max-width:${narrow}px){
body{padding:20px 12px 48px}
dl{grid-template-columns:minmax(0,1fr);padding:.8em}
dd{margin-bottom:.5em}
h1{font-size:25px}
.concord-fragment,.concord-fragment .concord-scroll{overflow:visible;max-height:none}
main table,main thead,main tbody,main tr,main th,main td{display:block;width:auto}
main table thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
main table:has(.concord-sort) thead{position:static;width:auto;height:auto;overflow:visible;clip-path:none}
main table thead:has(.concord-sort) tr{display:flex;flex-wrap:wrap;gap:.3em .5em;padding:.5em 0;border:0}
main table thead:has(.concord-sort) th{border:1px solid var(--rule)!important;border-radius:5px;padding:.1em .5em!important;white-space:normal!important}
main tbody tr{border:1px solid var(--rule);border-radius:6px;margin:.6em 0;padding:.3em .2em}
main .concord-data tbody tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
main .concord-data tbody th{grid-column:1/-1}
main tbody tr.concord-group{border:0;margin:1em 0 0;padding:0}
.concord-fragment tbody th,.concord-fragment tbody td,.concord-fragment .concord-number,.concord-fragment .concord-data td,.concord-fragment .concord-data tbody th{border:0;padding:.12em .6em;position:static;text-align:left!important;white-space:normal;overflow-wrap:anywhere}
.concord-fragment tbody th[scope=row]{font-weight:600}
.concord-fragment tbody td[data-label]::before{content:attr(data-label) ": ";color:var(--quiet)}
.concord-fragment tbody td:empty{display:none}
}
@media print{
:root{color-scheme:light;--page:#ffffff;--ink:#1f2328;--quiet:#4d555e;--panel:#f6f8fa;--rule:#c4ccd4;--link:#0a5c94}
body{max-width:none;padding:0;font-size:11pt}
.skip,.contents,.tools,.picker,.copy,.concord-pager button,.concord-pager select{display:none}
h2,h3{break-after:avoid}
figure{border:0;padding:0;break-inside:avoid;max-width:100%}
tr,.concord-finding,dl{break-inside:avoid}
.concord-fragment,.concord-fragment .concord-scroll{overflow:visible;max-height:none}
.concord-fragment table{font-size:8pt}
.concord-fragment th,.concord-fragment td,.concord-fragment .concord-number,.concord-fragment .concord-data td,.concord-fragment .concord-data tbody th{white-space:normal!important;position:static!important;padding:.2em .3em;overflow-wrap:break-word}
main .concord-wide,main .concord-wide tbody,main .concord-wide tbody td,main .concord-wide tbody th{display:block}
main .concord-wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
main .concord-wide tbody tr{display:grid;grid-template-columns:repeat(4,1fr);border:1px solid var(--rule);margin:.3em 0}
main .concord-wide tbody th{grid-column:1/-1;font-weight:600}
main .concord-wide tbody th,main .concord-wide tbody td{border:0;text-align:left!important}
main .concord-wide tbody td[data-label]::before{content:attr(data-label) ": ";color:var(--quiet)}
details::details-content{content-visibility:visible;height:auto}
summary{list-style:none;color:inherit}
}
`.trim();
