using System.Globalization;
using System.Text;
using System.Xml;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>
/// A simulation as a suite of tests, in the XML that build servers read: one case says whether it reached its end, and
/// one for each threshold whether it holds.
/// </summary>
internal static class JUnitReport
{
    private const string Suite = "heat simulate";

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
    };

    /// <summary>The bytes of <c>junit.xml</c>.</summary>
    public static byte[] Write(Manifest manifest, Summary summary)
    {
        var cases = summary.Thresholds.Select(Case).Prepend(EndCase(manifest)).ToList();
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            WriteCounts(xml, manifest, cases);
            foreach (var one in cases) Write(xml, one);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void WriteCounts(XmlWriter xml, Manifest manifest, IReadOnlyList<TestCase> cases)
    {
        xml.WriteAttributeString("name", Suite);
        xml.WriteAttributeString("tests", Number(cases.Count));
        xml.WriteAttributeString("failures", Number(cases.Count(one => one.Failure is not null)));
        xml.WriteAttributeString("errors", Number(0));
        xml.WriteAttributeString("skipped", Number(0));
        xml.WriteAttributeString("time", manifest.Took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
    }

    private static void Write(XmlWriter xml, TestCase one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", one.Class);
        xml.WriteAttributeString("name", one.Name);
        xml.WriteAttributeString("time", "0");
        if (one.Failure is { } failure)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", one.Class);
            xml.WriteAttributeString("message", failure);
            xml.WriteString(failure);
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static TestCase EndCase(Manifest manifest) => new("run", "the run reached its end",
        manifest.Status == RunFolderStatus.Complete
            ? null
            : $"{RunStatusText.Why(manifest)} It was simulated until {Figures.Time(manifest.Reached)}.");

    private static TestCase Case(ThresholdResult threshold)
    {
        var (metric, expression) = (Figures.Word(threshold.Metric), Figures.Word(threshold.Expression));
        return new("threshold", $"{metric} {expression}", threshold.Passed
            ? null
            : threshold.Value is null
                ? $"{metric} must be {expression}, but there was nothing to measure. "
                    + "Let that pass with \"ifUnmeasured\": \"pass\"."
                : $"{metric} must be {expression}, but {Figures.Exact(threshold.Value)} was reached.");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record TestCase(string Class, string Name, string? Failure);
}
