'use strict';
// Writes records with the official serialisers.
// First argument: a file with { "elastic": address, "index": …, "service": …, "observed": [s, ns], "records": [{ "id", "dataset", "text", "time": [s, ns] }] };
// printed: { "protobuf": Base64, "json": … } of OTLP. The documents are sent to the address with the Elasticsearch client.

const fs = require('fs');
const { Client } = require('@elastic/elasticsearch');
const { JsonLogsSerializer, ProtobufLogsSerializer } = require('@opentelemetry/otlp-transformer');
const { resourceFromAttributes } = require('@opentelemetry/resources');

const wanted = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const resource = resourceFromAttributes({ 'service.name': wanted.service, 'cloud.provider': 'alibaba_cloud' });
const instrumentationScope = { name: 'LogAudit' };
const logs = wanted.records.map((record) => ({
  hrTime: record.time,
  hrTimeObserved: wanted.observed,
  severityNumber: 9,
  severityText: 'INFO',
  body: record.text,
  attributes: { 'log.record.uid': record.id, 'event.dataset': record.dataset },
  droppedAttributesCount: 0,
  resource,
  instrumentationScope,
}));

async function main() {
  const client = new Client({ node: wanted.elastic, maxRetries: 0, requestTimeout: 60_000 });
  await client.bulk({
    index: wanted.index,
    operations: wanted.records.flatMap((record) => [{ create: { _id: record.id } }, JSON.parse(record.text)]),
  });
  process.stdout.write(
    JSON.stringify({
      protobuf: Buffer.from(ProtobufLogsSerializer.serializeRequest(logs)).toString('base64'),
      json: Buffer.from(JsonLogsSerializer.serializeRequest(logs)).toString('utf8'),
    }),
  );
}

main().catch((fault) => {
  process.stderr.write(`${fault.stack}\n`);
  process.exitCode = 1;
});
