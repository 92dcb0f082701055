namespace LogAudit.LocalCloud.Sql.Running;

/// <summary>Expressions that <see cref="Subset.FunctionList"/> uses more than once, and those that Presto answers otherwise than the engine.</summary>
internal static class EngineMacros
{
    public static readonly string[] All =
    [
        // Presto: whole numbers divide to whole numbers, and by zero is an error.
        """
            CREATE MACRO whole_part(a, b) AS CASE WHEN b = 0 THEN CAST(error('Division by zero') AS BIGINT) ELSE a // b END
            """,
        """
            CREATE MACRO whole_rest(a, b) AS CASE WHEN b = 0 THEN CAST(error('Division by zero') AS BIGINT) ELSE a % b END
            """,
        // SLS: text that is no JSON is null. Presto: an object or list is no scalar.
        """
            CREATE MACRO json_scalar(j, p) AS CASE WHEN json_valid(j) THEN
              CASE WHEN json_type(j, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, p) END END
            """,
        """
            CREATE MACRO json_members(j, p) AS CASE json_type(j, p)
              WHEN 'ARRAY' THEN CAST(json_array_length(j, p) AS BIGINT)
              WHEN 'OBJECT' THEN CAST(len(json_keys(j, p)) AS BIGINT) ELSE CAST(0 AS BIGINT) END
            """,
        """
            CREATE MACRO split_to(t, d, n) AS CASE WHEN len(string_split(t, d)) <= n THEN string_split(t, d)
              ELSE list_append(string_split(t, d)[1:n - 1], array_to_string(string_split(t, d)[n:], d)) END
            """,
        """
            CREATE MACRO ip_number(t) AS CASE WHEN regexp_full_match(t, '\d{1,3}(\.\d{1,3}){3}') THEN
              CAST(split_part(t, '.', 1) AS BIGINT) * 16777216 + CAST(split_part(t, '.', 2) AS BIGINT) * 65536
              + CAST(split_part(t, '.', 3) AS BIGINT) * 256 + CAST(split_part(t, '.', 4) AS BIGINT) END
            """,
        """
            CREATE MACRO ip_inside(c, t) AS
              ip_number(t) >> (32 - CAST(split_part(c, '/', 2) AS INTEGER)) = ip_number(split_part(c, '/', 1)) >> (32 - CAST(split_part(c, '/', 2) AS INTEGER))
            """,
        // RFC 1918; the manual gives the two words and no list of ranges.
        """
            CREATE MACRO ip_domain(t) AS CASE WHEN ip_number(t) IS NULL THEN NULL
              WHEN ip_inside('10.0.0.0/8', t) OR ip_inside('172.16.0.0/12', t) OR ip_inside('192.168.0.0/16', t) THEN 'intranet' ELSE 'internet' END
            """,
    ];
}
