using System.Net;
using System.Security.Cryptography.X509Certificates;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Runtime;

namespace HeatUp.Cluster;

/// <summary>Registers what makes a process a node of a cluster.</summary>
public static class ClusterHosting
{
    // Names the certificate's holder: any node, whatever its address.
    private const string TlsName = "heat-up";

    /// <summary>
    /// Adds the engine and the node. The container must have a <see cref="PostgresSessionStore"/> and the path; what is
    /// added here starts before anything that is registered later.
    /// </summary>
    public static void AddCluster(this IHostApplicationBuilder builder, ClusterOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(options).AddSingleton<NodeSittings>();
        services.AddSingleton(parts => new ClusterStart(
            parts.GetRequiredService<IGrainFactory>(), parts.GetRequiredService<NodeSittings>(),
            parts.GetRequiredService<ISessionStore>(), parts.GetRequiredService<Claims>(),
            parts.GetRequiredService<ILogger<ClusterStart>>()));
        services.AddSingleton<ShardHost>();
        services.AddSingleton(parts => new ClusterPopulations(
            parts.GetRequiredService<IGrainFactory>(), parts.GetRequiredService<ISiloStatusOracle>(),
            parts.GetRequiredService<ShardHost>(), parts.GetRequiredService<TimeProvider>(),
            parts.GetRequiredService<ILogger<ClusterShards>>()));
        services.AddSingleton<RunNews>().AddSingleton<IRunNews>(parts => parts.GetRequiredService<RunNews>());
        services.AddSingleton<LocalRunControl>();
        services.AddSingleton<PostgresMembers>(parts => parts.GetRequiredService<PostgresSessionStore>().Members);
        services.Replace(ServiceDescriptor.Singleton<IRunControl, ClusterRunControl>());
        services.AddSingleton<ClusterNode>();
        services.AddHostedService(parts => parts.GetRequiredService<ClusterNode>());
        builder.UseOrleans(silo => Configure(silo, options));
        services.Replace(ServiceDescriptor.Singleton<IFatalErrorHandler>(
            parts => parts.GetRequiredService<ClusterNode>()));
        services.AddHostedService(parts => parts.GetRequiredService<RunNews>());
    }

    private static void Configure(ISiloBuilder silo, ClusterOptions options)
    {
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster =>
            (cluster.ClusterId, cluster.ServiceId) = (options.Id, options.Id));
        silo.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> clustering) =>
            clustering.Configure<PostgresSessionStore>((told, store) =>
                (told.Invariant, told.DataSource) = ("Npgsql", store.Members.Source)));
        // No gateway: nobody outside the cluster calls a grain.
        silo.Configure<EndpointOptions>(endpoint =>
        {
            (endpoint.AdvertisedIPAddress, endpoint.SiloPort) = (options.Listen.Address, options.Listen.Port);
            endpoint.GatewayPort = 0;
            endpoint.SiloListeningEndpoint = options.Listen;
        });
        silo.Configure<ClusterMembershipOptions>(ClusterLimits.Apply);
        silo.Configure<SiloMessagingOptions>(messages => messages.ResponseTimeout = options.CallTimeout);
        if (options.Tls is { } tls) silo.UseTls(security => Configure(security, tls));
    }

    private static void Configure(TlsOptions security, ClusterTls tls)
    {
        security.LocalCertificate = tls.Certificate;
        security.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        security.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        security.RemoteCertificateValidation = (certificate, _, _) =>
            certificate is not null && IsOurs(certificate, tls);
        security.OnAuthenticateAsClient = (_, client) => client.TargetHost = TlsName;
    }

    private static bool IsOurs(X509Certificate2 certificate, ClusterTls tls)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(tls.Authority);
        // A private authority publishes no list.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
