using Confluent.Kafka;

namespace LogAudit.Forwarding;

/// <summary>A producer that several calls share: made at the first use, replaced when it is of no more use, closed when its last user has left.</summary>
internal sealed class KafkaProducer(KafkaOptions options, bool alone) : IDisposable
{
    private readonly Lock gate = new();
    private Use? current;

    /// <summary>Joins the producer's users.</summary>
    /// <exception cref="InvalidOperationException">librdkafka refuses the configuration.</exception>
    public Use Enter()
    {
        lock (gate)
        {
            current ??= new Use(options.Producer(alone));
            current.Users++;
            return current;
        }
    }

    /// <summary>Leaves it.</summary>
    /// <param name="use">What <see cref="Enter"/> gave.</param>
    /// <param name="giveUp">Whether the next call gets a new one: closing this one throws away what it has not yet sent.</param>
    public void Leave(Use use, bool giveUp)
    {
        bool last;
        lock (gate)
        {
            if (giveUp && ReferenceEquals(current, use))
            {
                current = null;
            }

            last = --use.Users == 0 && !ReferenceEquals(current, use);
        }

        if (last)
        {
            use.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Use? last;
        lock (gate)
        {
            (last, current) = (current?.Users == 0 ? current : null, null);
        }

        last?.Dispose();
    }

    /// <summary>One producer of librdkafka.</summary>
    public sealed class Use : IDisposable
    {
        private volatile Error? lastError;
        private volatile bool fatal;

        public Use(ProducerConfig config) =>
            Producer = new ProducerBuilder<byte[]?, byte[]>(config)
                .SetKeySerializer(Serializers.ByteArray)
                .SetValueSerializer(Serializers.ByteArray)
                .SetErrorHandler((_, error) => Note(error))
                // What matters of its log arrives as an error or in a delivery report; unset it would write to standard error.
                .SetLogHandler((_, _) => { })
                .Build();

        /// <summary>The client.</summary>
        public IProducer<byte[]?, byte[]> Producer { get; }

        /// <summary>What the client last said of its connections; empty when nothing.</summary>
        public string LastProblem => lastError?.Reason ?? "";

        /// <summary>Whether it will never send again: fenced, or its numbering broke.</summary>
        public bool Fatal => fatal;

        /// <summary>Calls that use it. Guarded by the owner's gate.</summary>
        public int Users { get; set; }

        /// <inheritdoc/>
        public void Dispose() => Producer.Dispose();

        private void Note(Error error)
        {
            fatal |= error.IsFatal;
            // That all brokers are down says less than why the last one is.
            if (error.Code != ErrorCode.Local_AllBrokersDown)
            {
                lastError = error;
            }
        }
    }
}
