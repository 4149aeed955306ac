namespace Interlook.Extensions.Kemp.Wire;

/// <summary>One of the appliance's interfaces: how a command is sent and an answer is read. Credentials are its part. Without state.</summary>
internal interface ICallFormat
{
    /// <summary>Makes the request for a command.</summary>
    HttpRequestMessage Request(KempCommand command);

    /// <summary>Reads an answer's body.</summary>
    /// <exception cref="FormatException">It is not what this interface answers.</exception>
    KempReply Read(byte[] body);
}
