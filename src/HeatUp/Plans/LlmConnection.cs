using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace HeatUp.Plans;

/// <summary>How a server is talked to: its address, its key, as many connections as there are calls.</summary>
internal static class LlmConnection
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    public static HttpClient OpenHttp() => new(new SocketsHttpHandler
    {
        // The key goes to the address that the operator gave, and nowhere else.
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionLifetime,
    }) { Timeout = Timeout.InfiniteTimeSpan };

    public static IChatClient Open(LlmOptions options, HttpClient http)
    {
        var keyless = string.IsNullOrEmpty(options.ApiKey);
        var client = new OpenAIClientOptions
        {
            Endpoint = options.BaseUrl,
            Transport = new HttpClientPipelineTransport(http),
            // Whoever calls this has time-outs and repetitions of its own.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            UserAgentApplicationId = "HeatUp",
        };
        if (keyless) client.AddPolicy(new WithoutKey(), PipelinePosition.BeforeTransport);
        var key = new ApiKeyCredential(keyless ? "none" : options.ApiKey!);
        return new ChatClient(options.Model, key, client).AsIChatClient();
    }

    /// <summary>Takes away the key that the package demands and the server doesn't want.</summary>
    private sealed class WithoutKey : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int current)
        {
            message.Request.Headers.Remove("Authorization");
            ProcessNext(message, pipeline, current);
        }

        public override ValueTask ProcessAsync(
            PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int current)
        {
            message.Request.Headers.Remove("Authorization");
            return ProcessNextAsync(message, pipeline, current);
        }
    }
}
