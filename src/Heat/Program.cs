using Heat.Commands;

return await HeatCommand.RunAsync(args);
