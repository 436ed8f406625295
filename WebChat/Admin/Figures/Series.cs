namespace WebChat.Admin.Figures;

/// <summary>One figure over the last hour, a point for each minute, the oldest first; null where nobody measured.</summary>
internal sealed record Series(IReadOnlyList<double?> Points)
{
    public const int Minutes = 60;

    private static readonly int[] Steps = [1, 2, 4, 5, 10];

    public double? Now => Points.LastOrDefault(p => p is not null);
    public double? Lowest => Points.Min();
    public double? Highest => Points.Max();

    /// <summary>The same points as a path of SVG, in a box of this size: the highest at the top, 0 at the bottom. Where nobody measured, it begins anew.</summary>
    /// <param name="width">Of the box.</param>
    /// <param name="height">Of the box; a little is left free at the top, or the line would be cut.</param>
    /// <param name="top">What stands at the top; at least 1.</param>
    public (string Line, string Area) Paths(double width, double height, double top)
    {
        const double Free = 2;
        var (line, area) = (new System.Text.StringBuilder(), new System.Text.StringBuilder());
        var (isOpen, last) = (false, 0d);
        for (var i = 0; i < Points.Count; i++)
        {
            if (Points[i] is not { } value)
            {
                Close();
                continue;
            }
            var (x, y) = (i * width / (Points.Count - 1), height - Free - (value / Math.Max(top, 1) * (height - (2 * Free))));
            var to = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x:0.#} {y:0.#}");
            if (isOpen)
                area.Append('L').Append(to);
            else
                area.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x:0.#} {height:0.#}L{to}");
            line.Append(isOpen ? 'L' : 'M').Append(to);
            (isOpen, last) = (true, x);
        }
        Close();
        return (line.ToString(), area.ToString());

        void Close()
        {
            if (isOpen)
                area.Append(System.Globalization.CultureInfo.InvariantCulture, $"L{last:0.#} {height:0.#}Z");
            isOpen = false;
        }
    }

    /// <summary>A round number at or above the highest: 1, 2, 4 or 5 and noughts. Its half stands on the axis too and is whole.</summary>
    public double RoundTop()
    {
        var highest = Math.Max(Highest ?? 0, 2);
        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return Steps.Select(n => n * power).First(n => n >= highest && n % 2 == 0);
    }
}
