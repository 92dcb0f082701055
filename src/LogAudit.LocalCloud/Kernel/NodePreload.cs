using System.Globalization;
using System.Text.Json;

namespace LogAudit.LocalCloud.Kernel;

/// <summary>
/// A script for Node's <c>--require</c>: connections to <c>*.aliyuncs.com</c> go to a LocalCloud, with their Host header,
/// server name and signature untouched. The clients themselves stay as their makers wrote them.
/// </summary>
public static class NodePreload
{
    /// <summary>The script for a running LocalCloud. HTTPS works where the host offers it; its CA is trusted by this process only.</summary>
    public static string For(LocalCloudHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Script
            .Replace("%HTTP%", host.Address.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace(
                "%HTTPS%",
                (host.SecureAddress?.Port ?? 0).ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal
            )
            .Replace("%CA%", JsonEncodedText.Encode(host.CaCertificatePem ?? "").ToString(), StringComparison.Ordinal);
    }

    private const string Script = """
        'use strict';
        // Sends what this process opens to *.aliyuncs.com to LocalCloud: node --require <this file> your-script.js
        const net = require('net');
        const tls = require('tls');
        const dns = require('dns');

        const ports = { 80: %HTTP%, 443: %HTTPS% };
        const ca = "%CA%";
        const isCloud = name => typeof name === 'string' && /(^|\.)aliyuncs\.com$/i.test(name);

        const connect = net.Socket.prototype.connect;
        net.Socket.prototype.connect = function (...args) {
          // Node hands over either options or its own array whose first element they are.
          const holder = Array.isArray(args[0]) ? args[0] : args;
          const options = holder[0];
          if (options && typeof options === 'object' && isCloud(options.host)) {
            const port = ports[options.port];
            if (!port) {
              throw new Error(`LocalCloud offers nothing for ${options.host}:${options.port}`);
            }
            holder[0] = { ...options, host: '127.0.0.1', port, lookup: undefined };
          }
          return connect.apply(this, args);
        };

        const lookup = dns.lookup;
        dns.lookup = function (name, options, done) {
          if (!isCloud(name)) {
            return lookup.apply(this, arguments);
          }
          const answer = typeof options === 'function' ? options : done;
          const all = typeof options === 'object' && options !== null && options.all;
          process.nextTick(() => (all ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4)));
        };

        if (ca) {
          const createSecureContext = tls.createSecureContext;
          tls.createSecureContext = options => {
            const secure = createSecureContext(options);
            secure.context.addCACert(ca);
            return secure;
          };
        }

        """;
}
