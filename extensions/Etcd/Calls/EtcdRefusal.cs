namespace Interlook.Extensions.Etcd.Calls;

/// <summary>A refusal that the caller may be able to do something about; whoever cannot passes on its fault.</summary>
/// <param name="cause">What was refused.</param>
/// <param name="fault">The same for everybody else.</param>
internal sealed class EtcdRefusal(EtcdRefusal.Kind cause, ExtensionException fault) : Exception(fault.Message, fault)
{
    /// <summary>What was refused.</summary>
    internal enum Kind
    {
        /// <summary>There is no such lease: it ran out, or etcd lost it.</summary>
        LeaseGone,

        /// <summary>etcd's space is used up: it takes no writes, but deletes and keep-alives.</summary>
        NoSpace,
    }

    internal Kind Cause => cause;

    internal ExtensionException Fault => fault;
}
