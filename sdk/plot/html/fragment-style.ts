/**
 * The style of Concord's HTML fragments: tables, cards, findings. Colors come from the page (currentColor and
 * translucent grays), so they fit light and dark; `!important` overrules what Jupyter does to every table.
 */
export const fragmentStyle: string = `
.concord-fragment{font:14px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-x:auto}
.concord-fragment table{border-collapse:collapse;margin:.4em 0;font-size:13px;font-variant-numeric:tabular-nums}
.concord-fragment caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.concord-fragment tr{background:none!important}
.concord-fragment th,.concord-fragment td{padding:.28em .8em;text-align:left!important;border:0;border-bottom:1px solid rgba(128,128,128,.28);vertical-align:top;background:none}
.concord-fragment thead th{border-bottom:2px solid rgba(128,128,128,.55);font-weight:600;white-space:nowrap}
.concord-fragment tbody th{font-weight:400;text-align:left}
.concord-fragment .concord-number{text-align:right!important;white-space:nowrap}
.concord-fragment .concord-group th{font-weight:600;padding-top:1em;border-bottom:1px solid rgba(128,128,128,.55)}
.concord-fragment .concord-missing{font-style:italic;opacity:.85;border-bottom:1px dotted currentColor}
.concord-fragment .concord-scroll{max-height:34em;overflow:auto}
.concord-fragment .concord-data{margin:0}
.concord-fragment .concord-data td,.concord-fragment .concord-data tbody th{white-space:nowrap}
.concord-fragment .concord-data thead th{position:sticky;top:0;background:var(--jp-layout-color0,var(--vscode-editor-background,Canvas))!important}
.concord-fragment .concord-sort{all:unset;cursor:pointer;white-space:nowrap}
.concord-fragment .concord-sort:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.concord-fragment .concord-pager{display:flex;gap:.6em;align-items:center;margin:.4em 0;font-size:12.5px}
.concord-fragment .concord-pager button,.concord-fragment .concord-pager select{font:inherit;color:inherit;background:none;border:1px solid rgba(128,128,128,.6);border-radius:4px;padding:.1em .6em}
.concord-fragment .concord-pager button:disabled{opacity:.4}
.concord-fragment .concord-pager option{color:CanvasText;background:Canvas}
.concord-fragment .concord-note{opacity:.78;font-size:12.5px;margin:.3em 0}
.concord-fragment .concord-title{font-weight:600;font-size:15px;margin:.2em 0}
.concord-fragment .concord-quiet{opacity:.78}
.concord-fragment .concord-findings{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:14px;margin:.8em 0}
.concord-fragment .concord-finding{border:1px solid rgba(128,128,128,.35);border-top:4px solid var(--concord-grade);border-radius:6px;padding:.7em 1em}
.concord-fragment .concord-finding h3{margin:0 0 .2em;font-size:15px}
.concord-fragment .concord-finding p{margin:.5em 0;font-size:13.5px}
.concord-fragment .concord-answer{font-weight:700;font-size:17px}
.concord-fragment .concord-yes{--concord-grade:#009E73}
.concord-fragment .concord-partly{--concord-grade:#E69F00}
.concord-fragment .concord-no{--concord-grade:#D55E00}
.concord-fragment .concord-open{--concord-grade:#8C8C8C}
`.trim();
