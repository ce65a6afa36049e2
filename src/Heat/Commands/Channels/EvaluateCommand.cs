using System.CommandLine;
using System.Globalization;
using Heat.Api;
using Heat.Shell;
using HeatUp.Channels.Recommendations;

namespace Heat.Commands.Channels;

/// <summary><c>heat channels evaluate</c>: how good the recommendations are, on anybody's data.</summary>
internal static class EvaluateCommand
{
    private const double LambdaDefault = 200;

    public static Command Build(Terminal terminal)
    {
        var file = new Option<string>("--interactions")
        {
            Description = "The file: user, item, rating and unix time with tabs between; a first line may name them",
            Required = true,
        };
        var lambda = new Option<double>("--lambda")
        {
            Description = "How much EASE's weights are held down, more than 0",
            DefaultValueFactory = _ => LambdaDefault,
            CustomParser = result =>
                double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value)
                    && value > 0 && double.IsFinite(value)
                    ? value
                    : Options.Wrong<double>(result, "--lambda is a number of more than 0"),
        };
        var command = new Command("evaluate", "Tells in JSON how well ways of recommending find what was held out.")
        { file, lambda }.WithExamples(
            "heat channels evaluate --interactions ml-100k.inter",
            "heat channels evaluate --interactions ratings.tsv --lambda 500");
        command.SetAction(parsed =>
        {
            if (Directory.Exists(parsed.GetValue(file)))
            {
                terminal.Complain($"{parsed.GetValue(file)} is a folder. Name a file in it.");
                return ExitCode.Failed;
            }
            try
            {
                using var stream = File.OpenRead(parsed.GetValue(file)!);
                var result = Evaluation.Of(
                    RatingsFile.Read(stream), parsed.GetValue(lambda), Environment.ProcessorCount);
                terminal.WriteJson(result, ApiJson.Readable.EvaluationResult);
                return ExitCode.Done;
            }
            catch (RatingsException wrong)
            {
                terminal.Complain($"{parsed.GetValue(file)}: {wrong.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
