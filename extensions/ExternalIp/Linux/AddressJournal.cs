namespace Interlook.Extensions.ExternalIp.Linux;

/// <summary>
/// Which addresses of an interface are ours, in a file, for kernels that keep no mark. An address is written down before it is added and
/// struck out after it is removed. Only an end of the process has to be survived: with the machine the addresses go as well, so the file
/// names the boot it is of, and nothing is flushed to the disk. Not safe for concurrent use.
/// </summary>
internal sealed class AddressJournal
{
    private readonly string path;
    private readonly string boot;
    private readonly HashSet<LinkAddress> addresses = [];

    /// <param name="path">The file; its folder is made when it is missing.</param>
    /// <param name="boot">What is different after each start of the machine (/proc/sys/kernel/random/boot_id).</param>
    /// <exception cref="ExtensionException">The file cannot be read.</exception>
    internal AddressJournal(string path, string boot)
    {
        this.path = path;
        this.boot = boot;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path))
                Read(File.ReadAllLines(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Fail(failure);
        }
    }

    /// <summary>True when the address was written down.</summary>
    internal bool Has(LinkAddress address) => addresses.Contains(address);

    /// <summary>Writes addresses down.</summary>
    /// <exception cref="ExtensionException">The file cannot be written.</exception>
    internal void Add(IEnumerable<LinkAddress> added)
    {
        var before = addresses.Count;
        addresses.UnionWith(added);
        if (addresses.Count != before)
            Write();
    }

    /// <summary>Strikes addresses out.</summary>
    /// <exception cref="ExtensionException">The file cannot be written.</exception>
    internal void Remove(IEnumerable<LinkAddress> removed)
    {
        var before = addresses.Count;
        addresses.ExceptWith(removed);
        if (addresses.Count != before)
            Write();
    }

    private void Read(string[] lines)
    {
        if (lines.Length == 0 || lines[0] != boot)
            return;
        foreach (var line in lines.Skip(1))
        {
            try
            {
                addresses.Add(LinkAddress.Parse(line));
            }
            catch (FormatException problem)
            {
                throw new ExtensionException(
                    Reason.Malformed, $"{path}: {problem.Message}: remove the file; addresses that an Interlook left expire by themselves", innerException: problem);
            }
        }
    }

    private void Write()
    {
        try
        {
            File.WriteAllLines($"{path}.new", [boot, .. addresses.Select(address => address.ToString()).Order(StringComparer.Ordinal)]);
            File.Move($"{path}.new", path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Fail(failure);
        }
    }

    private ExtensionException Fail(Exception failure) => new(
        Reason.Refused, $"{path}, which says which addresses are ours, cannot be used: {failure.Message}: make its folder one that can be written",
        innerException: failure);
}
