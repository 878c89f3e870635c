//! How a page looks.

pub(super) const PAGE: &str = "\
:root{color-scheme:light dark;--rc-back:#f4f6f8;--rc-good:#00734f;--rc-warn:#a34700;--rc-tint:#eaf3fa}\
@media (prefers-color-scheme:dark){:root{--rc-back:#0d1218;--rc-good:#3cc79b;--rc-warn:#f2a35f;--rc-tint:#17283a}}\
@media print{:root{color-scheme:light;--rc-back:#ffffff;--rc-good:#00734f;--rc-warn:#a34700;--rc-tint:#f2f7fb}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--rc-back);color:var(--rc-ink);font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;-webkit-text-size-adjust:100%}\
main{max-width:1060px;margin:0 auto;padding:40px 24px 56px}\
header{margin-bottom:28px}\
h1{font-size:30px;line-height:1.2;letter-spacing:-.015em;margin:0 0 8px;text-wrap:balance}\
h2{font-size:20px;line-height:1.3;letter-spacing:-.01em;margin:0 0 12px}\
h3{font-size:15px;line-height:1.35;margin:0 0 2px}\
p{margin:0 0 12px;max-width:74ch}\
ul{margin:0 0 12px;padding-left:22px;max-width:74ch}li{margin:3px 0}\
.lead{font-size:17px;color:var(--rc-soft);margin:0}\
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:14px;margin:0 0 18px}\
.tiles div{background:var(--rc-paper);border:1px solid var(--rc-grid);border-radius:10px;padding:16px 18px;min-width:0}\
.tiles dt{font-size:13px;color:var(--rc-soft);line-height:1.35}\
.tiles dd{margin:4px 0 0;font-size:26px;line-height:1.2;font-weight:650;letter-spacing:-.015em;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\
.tiles dd.note{font-size:13px;line-height:1.4;font-weight:400;letter-spacing:0;color:var(--rc-soft)}\
.tiles .good dd:not(.note){color:var(--rc-good)}.tiles .warn dd:not(.note){color:var(--rc-warn)}\
section,footer{background:var(--rc-paper);border:1px solid var(--rc-grid);border-radius:10px;padding:24px 26px;margin:0 0 18px}\
section>:last-child,footer>:last-child{margin-bottom:0}\
footer{font-size:14px;color:var(--rc-soft)}footer h2{font-size:16px;color:var(--rc-ink)}\
.notice{background:var(--rc-tint);border-left:3px solid var(--rc-s1);border-radius:0 6px 6px 0;padding:10px 14px}\
figure{margin:22px 0;container-type:inline-size;break-inside:avoid}\
figcaption{margin-bottom:12px}figcaption p{margin:0;font-size:14px;color:var(--rc-soft)}\
figure svg{display:block;width:100%;height:auto;max-width:860px;overflow:visible}\
figure svg.narrow{display:none;max-width:520px}\
@container (max-width:540px){figure svg.wide{display:none}figure svg.narrow{display:block}}\
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:0 36px}\
details{margin-top:10px;font-size:14px}summary{cursor:pointer;color:var(--rc-soft)}details[open] summary{margin-bottom:8px}\
.scroll{overflow-x:auto;margin:0 0 14px}\
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}\
caption{text-align:left;font-weight:600;padding:0 0 6px;font-size:15px}\
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--rc-grid);text-align:left;vertical-align:top;font-weight:400}\
thead th{color:var(--rc-soft);font-size:13px;vertical-align:bottom;border-bottom-color:var(--rc-axis)}\
th.n,td.n{text-align:right;padding:6px 0 6px 12px}td.n{white-space:nowrap}\
tfoot th,tfoot td{font-weight:600;border-bottom:0;border-top:1px solid var(--rc-axis)}\
pre{overflow-x:auto;background:var(--rc-back);border:1px solid var(--rc-grid);border-radius:6px;padding:10px 12px;font-size:13px;line-height:1.45}\
:focus-visible{outline:2px solid var(--rc-s1);outline-offset:2px}\
@media (max-width:600px){main{padding:24px 14px 36px}h1{font-size:24px}section,footer{padding:18px 16px}.tiles{grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:10px}.tiles div{padding:12px 14px}.tiles dd{font-size:21px}}\
@media print{body{font-size:11pt}main{max-width:none;padding:0}section,footer,.tiles div{border-color:#c9d0d8;break-inside:avoid-page}section{break-inside:auto}details{display:none}.scroll{overflow:visible}h2,h3,figcaption{break-after:avoid}}\
";
