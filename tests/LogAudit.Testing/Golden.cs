using System.Runtime.CompilerServices;
using Xunit;

namespace LogAudit.Testing;

/// <summary>Compares text with a file beside the test; <c>LOGAUDIT_GOLDEN=write</c> writes the file instead.</summary>
public static class Golden
{
    /// <summary>Compares.</summary>
    /// <param name="name">File name within the folder <c>Golden</c> beside the test's own folder, for example <c>slb.golden.json</c>.</param>
    /// <param name="text">What the program made.</param>
    /// <param name="caller">Filled in by the compiler.</param>
    public static void Equal(string name, string text, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name);
        if (string.Equals(Environment.GetEnvironmentVariable("LOGAUDIT_GOLDEN"), "write", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
            return;
        }

        Assert.True(
            File.Exists(file),
            $"{file} does not exist; run the test with LOGAUDIT_GOLDEN=write and review it."
        );
        Assert.Equal(File.ReadAllText(file), text);
    }
}
