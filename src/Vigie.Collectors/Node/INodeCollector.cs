namespace Vigie.Collectors.Node;

/// <summary>One collector of node_exporter: same name, metrics, types, help and labels.</summary>
interface INodeCollector
{
    /// <summary>The value of the <c>collector</c> label.</summary>
    string Name { get; }

    /// <summary>Writes whole families, one after the other.</summary>
    /// <exception cref="CollectorException">This machine does not have what it takes.</exception>
    /// <exception cref="FormatException">A file is not as expected.</exception>
    void Collect(ProcFiles files, NodePage page);
}
