namespace Vigie.Configuration.Schema;

/// <summary>How many letters must change to make one word of another (Levenshtein), to guess what a misspelt key meant.</summary>
static class EditDistance
{
    /// <summary>Longer words are not compared.</summary>
    const int LengthMax = 60;

    public static int Between(string left, string right)
    {
        if (left.Length > LengthMax || right.Length > LengthMax) return int.MaxValue;
        Span<int> row = stackalloc int[LengthMax + 1];
        for (int j = 0; j <= right.Length; j++) row[j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
