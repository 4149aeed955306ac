using Interlook.Host.Commands;
using Interlook.Host.Running;

NativeMemory.ShareOneArena();
return await CommandLine.RunAsync(args);
