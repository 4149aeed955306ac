using Interlook.Host.Commands;

return await CommandLine.RunAsync(args);
