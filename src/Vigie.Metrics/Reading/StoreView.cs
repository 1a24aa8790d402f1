namespace Vigie.Metrics;

/// <summary>The parts the store consists of at one moment. Holds on to them until it is released.</summary>
sealed class StoreView : RefCounted
{
    public StoreView(Generation[] generations, Block[] blocks, RollupView[] rollups)
    {
        Generations = generations;
        Blocks = blocks;
        Rollups = rollups;
        foreach (var generation in generations) generation.Retain();
        foreach (var block in blocks) block.Retain();
        foreach (var rollup in rollups)
            foreach (var block in rollup.AllBlocks) block.Retain();
    }

    /// <summary>Oldest first; the last one is being appended to.</summary>
    public Generation[] Generations { get; }

    /// <summary>Oldest first, by number.</summary>
    public Block[] Blocks { get; }

    /// <summary>Aggregates, the finest resolution first.</summary>
    public RollupView[] Rollups { get; }

    protected override void GiveBack()
    {
        foreach (var generation in Generations) generation.Release();
        foreach (var block in Blocks) block.Release();
        foreach (var rollup in Rollups)
            foreach (var block in rollup.AllBlocks) block.Release();
    }
}
