using System.Globalization;
using Microsoft.Extensions.Logging;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>The block files of a store, by number, and the manifest that says which of them count.</summary>
sealed class BlockFolder(IFileSystem files, string root, ReplacedFiles replaced, Action onDamage, ILogger logger)
{
    const string BlockSuffix = ".block";
    const string TombstoneSuffix = ".deleted";
    const string BlocksFolder = "blocks";

    readonly string _directory = Path.Combine(root, BlocksFolder);

    public Manifest Manifest { get; private set; } = Manifest.Empty;

    /// <summary>
    /// Opens the blocks of the manifest. Files that no manifest names are half-done work of an earlier run and are deleted; without a readable
    /// manifest all whole blocks count. A damaged block is left out, and its file left alone.
    /// </summary>
    public Block[] Open()
    {
        files.CreateDirectory(_directory);
        files.DeleteUnfinished(root);
        files.DeleteUnfinished(_directory);
        var present = Numbers();
        var manifest = Manifest.TryRead(files, root, out string? problem);
        if (problem is not null) logger.LogBlockRefused(Path.Combine(root, Manifest.FileName), problem);
        if (manifest is null)
        {
            ulong next = present.Count == 0 ? 1 : present[^1] + 1;
            manifest = new Manifest(present, next, FirstSegment: 0);
        }
        else if (manifest.Blocks.Where(number => !present.Contains(number)).ToArray() is { Length: > 0 } missing)
        {
            // A plain copy of a running server's folder, or somebody deleted files: what the missing blocks held may be in others that the manifest
            // no longer names, or in the log.
            logger.LogBlocksMissing(root, string.Join(", ", missing));
            manifest = new Manifest(present, manifest.NextBlock, FirstSegment: 0);
        }
        else
        {
            foreach (ulong number in present)
                if (!manifest.Blocks.Contains(number)) DeleteNow(number);
        }
        Manifest = manifest;
        var blocks = new List<Block>();
        foreach (ulong number in manifest.Blocks)
            if (TryOpen(number) is { } block) blocks.Add(block);
        return [.. blocks];
    }

    public string PathOf(ulong number) => Path.Combine(_directory, number.ToString("d8", CultureInfo.InvariantCulture) + BlockSuffix);

    /// <summary>A writer for the next block. The number is used up even if it is not finished.</summary>
    public BlockWriter CreateWriter(out ulong number)
    {
        number = Manifest.NextBlock;
        Manifest = Manifest with { NextBlock = number + 1 };
        files.CreateDirectory(_directory);
        return new BlockWriter(files, PathOf(number), number);
    }

    /// <exception cref="IOException">The block that was just written cannot be read.</exception>
    public Block OpenWritten(ulong number)
    {
        var block = Block.TryOpen(files, PathOf(number), onDamage, out string? problem);
        return block ?? throw new IOException($"block {PathOf(number)} cannot be read back: {problem}");
    }

    /// <summary>Makes a list of blocks the store's, atomically; on return it survives a power cut.</summary>
    public void Publish(IEnumerable<Block> blocks, ulong firstSegment)
    {
        var next = Manifest with { Blocks = [.. blocks.Select(block => block.Number)], FirstSegment = firstSegment };
        next.Write(files, root);
        Manifest = next;
    }

    /// <summary>
    /// Deletes a block whose <see cref="Publish"/> failed, unless the manifest on disk names it all the same (its name may not be synced yet):
    /// then a later start decides.
    /// </summary>
    public void DeleteUnpublished(ulong number)
    {
        try
        {
            if (Manifest.TryRead(files, root, out string? problem)?.Blocks.Contains(number) == false && problem is null) DeleteNow(number);
        }
        catch (IOException)
        {
            // The next start deletes it.
        }
    }

    /// <summary>Deletes a block that the manifest no longer names, after a while.</summary>
    public void Delete(ulong number)
    {
        replaced.Add(PathOf(number));
        replaced.Add(TombstonesOf(number));
    }

    void DeleteNow(ulong number)
    {
        files.DeleteFile(PathOf(number));
        files.DeleteFile(TombstonesOf(number));
    }

    /// <summary>Makes a store of the same blocks in another folder of the same file system.</summary>
    public void LinkTo(string targetRoot, IReadOnlyList<Block> blocks)
    {
        string directory = Path.Combine(targetRoot, BlocksFolder);
        files.CreateDirectory(directory);
        foreach (var block in blocks)
        {
            foreach (string path in (ReadOnlySpan<string>)[PathOf(block.Number), TombstonesOf(block.Number)])
                if (files.FileExists(path)) files.Link(path, Path.Combine(directory, Path.GetFileName(path)));
        }
        files.SyncDirectory(directory);
        var manifest = new Manifest([.. blocks.Select(block => block.Number)], Manifest.NextBlock, FirstSegment: 0);
        manifest.Write(files, targetRoot);
    }

    /// <summary>Keeps what was deleted from a block; on return it survives a power cut.</summary>
    public void WriteTombstones(Block block, Tombstones tombstones)
    {
        var output = new ByteBuffer();
        tombstones.Write(output);
        files.WriteAtomic(TombstonesOf(block.Number), output.Written);
        block.Tombstones = tombstones;
    }

    Block? TryOpen(ulong number)
    {
        string path = PathOf(number);
        string? problem = "the file is missing";
        var block = files.FileExists(path) ? Block.TryOpen(files, path, onDamage, out problem) : null;
        if (block is null)
        {
            logger.LogBlockRefused(path, problem!);
            onDamage();
            return null;
        }
        if (!files.FileExists(TombstonesOf(number))) return block;
        var tombstones = Tombstones.TryRead(files.ReadAll(TombstonesOf(number)));
        if (tombstones is not null) block.Tombstones = tombstones;
        else logger.LogBlockRefused(TombstonesOf(number), "damaged; samples deleted from this block are visible again: delete them once more");
        return block;
    }

    string TombstonesOf(ulong number) =>
        Path.Combine(_directory, number.ToString("d8", CultureInfo.InvariantCulture) + TombstoneSuffix);

    List<ulong> Numbers()
    {
        var numbers = new List<ulong>();
        foreach (string name in files.ListFiles(_directory))
        {
            if (name.EndsWith(BlockSuffix, StringComparison.Ordinal)
                && ulong.TryParse(name.AsSpan(0, name.Length - BlockSuffix.Length), CultureInfo.InvariantCulture, out ulong number))
                numbers.Add(number);
        }
        numbers.Sort();
        return numbers;
    }
}
