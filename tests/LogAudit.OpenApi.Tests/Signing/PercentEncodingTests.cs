using FsCheck.Xunit;

namespace LogAudit.OpenApi.Tests.Signing;

public sealed class PercentEncodingTests
{
    [Property]
    public bool Encode_is_undone_by_decoding(string? text)
    {
        // Lone surrogates have no UTF-8 form.
        var valid = string.Concat((text ?? "").Where(letter => !char.IsSurrogate(letter)));

        return Uri.UnescapeDataString(PercentEncoding.Encode(valid)) == valid;
    }

    [Property]
    public bool Encode_leaves_only_unreserved_letters(string? text) =>
        PercentEncoding
            .Encode(text ?? "")
            .All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '~' or '%');
}
