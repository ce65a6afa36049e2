namespace Heat.Reports;

/// <summary>How the report looks.</summary>
internal static class HtmlStyle
{
    private const string Light = """
        --paper:#fff;--card:#f5f6f8;--ink:#1b1f24;--muted:#5b6470;--line:#d9dde3;
        --good:#1a7f37;--bad:#c62828;--note:#fff4d6;
        --c1:#0b62b0;--c2:#b35900;--c3:#0a7a55;--c4:#a5347a;--c5:#0b62b0;--c6:#b35900;--c7:#0a7a55;--c8:#a5347a;
        """;

    private const string Dark = """
        --paper:#14171b;--card:#1f242a;--ink:#e8eaed;--muted:#a3acb8;--line:#363d46;
        --good:#4cc36a;--bad:#ff7b72;--note:#43370f;
        --c1:#6cb6ff;--c2:#f0a04b;--c3:#4fc99a;--c4:#ec8fc6;--c5:#6cb6ff;--c6:#f0a04b;--c7:#4fc99a;--c8:#ec8fc6;
        """;

    /// <summary>The style sheet: markup of our own, without anything from a run.</summary>
    public static Html Sheet { get; } = new($$"""
        :root{{{Light}}}
        @media (prefers-color-scheme:dark){:root{{{Dark}}} }
        @media print{:root{{{Light}}} }
        {{Text}}
        {{Parts}}
        {{Charts}}
        {{Paper}}
        """);

    private const string Text = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
        main{max-width:1040px;margin:0 auto;padding:24px 20px 64px}
        h1{font-size:1.5rem;line-height:1.3;margin:0 0 4px}
        h2{font-size:1.2rem;margin:40px 0 8px;padding-top:12px;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:20px 0 4px}
        p{margin:8px 0;max-width:75ch}
        .muted{color:var(--muted)}
        .good{color:var(--good)}
        .bad{color:var(--bad)}
        code,pre{font:.92em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        code{overflow-wrap:anywhere}
        pre{overflow-x:auto;padding:12px;background:var(--card);border-radius:8px}
        summary{cursor:pointer;padding:6px 0}
        """;

    private const string Parts = """
        .banner{background:var(--note);border-radius:8px;padding:12px 16px;margin:16px 0}
        .banner p{margin:4px 0}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:12px;padding:0;margin:12px 0}
        .cards>div{background:var(--card);border-radius:8px;padding:12px 14px}
        .cards dt{color:var(--muted);font-size:.875rem}
        .cards dd{margin:0;font-size:1.35rem;font-weight:600}
        .cards dd.of{font-size:.8125rem;font-weight:400;color:var(--muted)}
        .scroll{overflow-x:auto;margin:8px 0}
        table{border-collapse:collapse;font-size:.9375rem;min-width:min(100%,420px)}
        th,td{text-align:left;vertical-align:top;padding:5px 16px 5px 0;border-bottom:1px solid var(--line)}
        th:last-child,td:last-child{padding-right:4px}
        th{color:var(--muted);font-weight:500;white-space:nowrap}
        .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        td code,.mark,.short{white-space:nowrap}
        td p{margin:0;font-size:.8125rem}
        .prose{min-width:200px}
        .value{display:inline-block;white-space:nowrap;margin-right:14px}
        dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:12px 0}
        dl.facts dt{color:var(--muted)}
        dl.facts dd{margin:0;overflow-wrap:anywhere}
        """;

    private const string Charts = """
        figure{margin:12px 0 4px}
        figure svg{display:block;width:100%;height:auto}
        figure svg.narrow{display:none}
        figure text{fill:var(--muted);font:13px system-ui,-apple-system,"Segoe UI",sans-serif}
        .grid{fill:none;stroke:var(--line);stroke-width:1}
        .s1{stroke:var(--c1);--fill:var(--c1)}
        .s2{stroke:var(--c2);--fill:var(--c2)}
        .s3{stroke:var(--c3);--fill:var(--c3)}
        .s4{stroke:var(--c4);--fill:var(--c4)}
        .s5{stroke:var(--c5);stroke-dasharray:6 4}
        .s6{stroke:var(--c6);stroke-dasharray:6 4}
        .s7{stroke:var(--c7);stroke-dasharray:6 4}
        .s8{stroke:var(--c8);stroke-dasharray:6 4}
        path{fill:none;stroke-width:2.5;stroke-linejoin:round}
        .b{stroke:none;fill:var(--fill)}
        .legend{display:flex;flex-wrap:wrap;gap:2px 20px;list-style:none;padding:0;margin:0 0 12px;font-size:.875rem}
        .swatch{width:24px;height:8px;margin-right:6px;vertical-align:middle}
        @media (max-width:640px){
        main{padding:16px 14px 48px}
        th,td{padding-right:10px}
        .word{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        figure svg.wide{display:none}
        figure svg.narrow{display:block}
        dl.facts{grid-template-columns:1fr;gap:0}
        dl.facts dd{margin-bottom:8px}
        }
        """;

    private const string Paper = """
        @media print{
        body{font-size:11pt}
        main{max-width:none;padding:0}
        h2{break-after:avoid}
        figure,tr,.cards>div{break-inside:avoid}
        .scroll{overflow:visible}
        pre{white-space:pre-wrap}
        figure svg.wide{display:block}
        figure svg.narrow{display:none}
        }
        """;
}
