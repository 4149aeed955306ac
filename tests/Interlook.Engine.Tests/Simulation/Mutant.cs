using Interlook.Entries;
using Interlook.Providers;
using Interlook.Provisioners;
using Interlook.Storage;

namespace Interlook.Engine.Tests.Simulation;

/// <summary>Stands between the engine and the world and breaks a promise on purpose; this one breaks none.</summary>
internal class Mutant
{
    public virtual IProvider Of(IProvider provider, World world) => provider;

    public virtual IProvisioner Of(IProvisioner provisioner, SimulatedSystem system, TimeProvider time) => provisioner;

    public virtual IRecordStore<Entry> Of(IRecordStore<Entry> store) => store;

    public virtual void ProcessDied()
    {
    }

    public virtual void Stopped(World world)
    {
    }
}
