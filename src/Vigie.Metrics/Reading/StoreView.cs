namespace Vigie.Metrics;

/// <summary>The parts the store consists of at one moment. Holds on to them until it is released.</summary>
sealed class StoreView : RefCounted
{
    public StoreView(Generation[] generations, Block[] blocks)
    {
        Generations = generations;
        Blocks = blocks;
        foreach (var generation in generations) generation.Retain();
        foreach (var block in blocks) block.Retain();
    }

    /// <summary>Oldest first; the last one is being appended to.</summary>
    public Generation[] Generations { get; }

    /// <summary>Oldest first, by number.</summary>
    public Block[] Blocks { get; }

    protected override void GiveBack()
    {
        foreach (var generation in Generations) generation.Release();
        foreach (var block in Blocks) block.Release();
    }
}
