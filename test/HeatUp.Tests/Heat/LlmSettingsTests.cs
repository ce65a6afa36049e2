using global::Heat.Configuration;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

public sealed class LlmSettingsTests
{
    [Fact]
    public void AModelAloneTurnsNothingOn() => Read("LLM_MODEL=llama3").Llm.ShouldBeNull();

    [Theory]
    [InlineData("LLM_API_KEY=k")]
    [InlineData("OPENAI_API_KEY=k")]
    public void AKeyAloneMeansOpenAi(string key)
    {
        var llm = Read(key).Llm.ShouldNotBeNull();

        llm.ApiKey!.Reveal().ShouldBe("k");
        llm.BaseUrl.ShouldBe(new Uri("https://api.openai.com/v1"));
        llm.Model.ShouldBe("gpt-4o-mini");
        llm.Timeout.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void AnAddressAloneNeedsNoKeyButAModel()
    {
        Read("LLM_BASE_URL=http://localhost:11434/v1", "LLM_MODEL=llama3", "LLM_TIMEOUT_SECONDS=600").Llm
            .ShouldBe(new LlmSettings(new Uri("http://localhost:11434/v1"), null, "llama3", TimeSpan.FromMinutes(10)));
        Problems("LLM_BASE_URL=http://localhost:11434/v1").ShouldBe(
            ["LLM_MODEL is not set: it must name a model of the server at LLM_BASE_URL=http://localhost:11434/v1"]);
    }

    [Fact]
    public void OpenAisOwnAddressNeedsNoModel() =>
        Read("LLM_BASE_URL=https://api.openai.com/v1", "LLM_API_KEY=k").Llm!.Model.ShouldBe("gpt-4o-mini");

    [Fact]
    public void TheOwnKeyWinsOverOpenAis() =>
        Read("LLM_API_KEY=own", "OPENAI_API_KEY=other").Llm!.ApiKey!.Reveal().ShouldBe("own");

    [Fact]
    public void AWrongAddressIsOneProblem() =>
        Problems("LLM_BASE_URL=localhost", "LLM_API_KEY=k").ShouldHaveSingleItem()
            .ShouldStartWith("LLM_BASE_URL=localhost");

    private static Settings Read(params string[] values)
    {
        var reader = Reader(values);
        var settings = SettingsRules.Read(reader);
        reader.Problems.ShouldBeEmpty();
        return settings;
    }

    private static IReadOnlyList<string> Problems(params string[] values)
    {
        var reader = Reader(values);
        SettingsRules.Read(reader);
        return reader.Problems;
    }

    private static SettingsReader Reader(string[] values) =>
        EnvironmentReader.Of(values.Select(line => line.Split('=', 2)).Select(pair => (pair[0], pair[1])));
}
