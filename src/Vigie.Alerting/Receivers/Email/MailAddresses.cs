using System.Net.Mail;

namespace Vigie.Alerting;

/// <summary>Reads lists of mail addresses: <c>a@x.org, "B, C" &lt;b@x.org&gt;</c>.</summary>
static class MailAddresses
{
    /// <exception cref="FormatException">Not a list of addresses.</exception>
    public static IReadOnlyList<string> Parse(string list)
    {
        var addresses = new MailAddressCollection();
        addresses.Add(list);
        return [.. addresses.Select(static address => address.Address)];
    }
}
