using HeatUp.Client;
using HeatUp.Client.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

// The main job through a generated client: start a sitting, follow it to its end, read what is remembered, and meet a
// problem.
using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider()) { BaseUrl = args[0] };
var heat = new HeatUpClient(adapter);

var begun = await heat.Warmup["alice"].PostAsync();
var run = await heat.Warmups[begun!.RunId!].GetAsync();
while (run!.Status == "running") run = await heat.Warmups[begun.RunId!].GetAsync();
var history = await heat.Sessions["alice"].History.GetAsync(request => request.QueryParameters.Days = 1);
Console.WriteLine($"run {run.RunId} {run.Status} planned {begun.ActionPlan!.Count} done {run.ExecutionSummary!.SuccessfulActions}");
Console.WriteLine($"remembered {history!.Summary!.TotalActions} newest {history.History![0].ActionType}");
try
{
    await heat.Warmups[begun.RunId!].DeleteAsync();
}
catch (ProblemAnswer problem)
{
    Console.WriteLine($"problem {problem.Type} {problem.Status}");
}
