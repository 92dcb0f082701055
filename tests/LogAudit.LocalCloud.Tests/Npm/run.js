'use strict';
// Runs calls of the official clients and prints what came of them.
// First argument: a file with { "clockOffsetMinutes": 0, "steps": [ … ] }; printed: a JSON array, one element per step:
// { "ok": true, "value": … } or { "ok": false, "code": …, "status": …, "message": … }.

const fs = require('fs');

// The clients give up after 3 seconds; a busy machine may need more.
const patience = 60_000;
const httpx = require('httpx');
const send = httpx.request;
httpx.request = (url, options) => send(url, { ...options, timeout: patience, readTimeout: patience, connectTimeout: patience });

function shiftClock(minutes) {
  const Real = Date;
  const offset = minutes * 60_000;
  globalThis.Date = class extends Real {
    constructor(...args) {
      if (args.length === 0) {
        super(Real.now() + offset);
      } else {
        super(...args);
      }
    }
    static now() {
      return Real.now() + offset;
    }
  };
}

// Any RPC or ROA product by ACS3, or by V1 with signatureAlgorithm v2.
async function openapi(step) {
  const OpenApi = require('@alicloud/openapi-client');
  const Util = require('@alicloud/tea-util');
  const Client = OpenApi.default;
  const client = new Client(
    new OpenApi.Config({
      accessKeyId: step.key.id,
      accessKeySecret: step.key.secret,
      securityToken: step.key.token,
      endpoint: step.host,
      protocol: step.protocol || 'https',
      signatureAlgorithm: step.signature,
    })
  );
  const params = new OpenApi.Params({
    action: step.action,
    version: step.version,
    protocol: step.protocol || 'https',
    pathname: step.path || '/',
    method: step.method || 'POST',
    authType: 'AK',
    style: step.style || 'RPC',
    reqBodyType: step.style === 'ROA' ? 'json' : 'formData',
    bodyType: step.bodyType || 'json',
  });
  const request = new OpenApi.OpenApiRequest({ query: step.query, body: step.body });
  const answer = await client.callApi(params, request, new Util.RuntimeOptions({ autoretry: false, readTimeout: patience, connectTimeout: patience }));
  return answer.body;
}

async function popRpc(step) {
  const { RPCClient } = require('@alicloud/pop-core');
  const client = new RPCClient({
    accessKeyId: step.key.id,
    accessKeySecret: step.key.secret,
    securityToken: step.key.token,
    endpoint: `${step.protocol || 'https'}://${step.host}`,
    apiVersion: step.version,
  });
  return client.request(step.action, step.query || {}, { method: step.method || 'POST', formatParams: false });
}

async function popRoa(step) {
  const { ROAClient } = require('@alicloud/pop-core');
  const client = new ROAClient({
    accessKeyId: step.key.id,
    accessKeySecret: step.key.secret,
    securityToken: step.key.token,
    endpoint: `${step.protocol || 'https'}://${step.host}`,
    apiVersion: step.version,
  });
  return client.request(
    step.method || 'GET',
    step.path,
    step.query || {},
    step.body ? JSON.stringify(step.body) : '',
    { 'content-type': 'application/json' }
  );
}

async function log(step) {
  const Log = require('@alicloud/log');
  const client = new Log({
    accessKeyId: step.key.id,
    accessKeySecret: step.key.secret,
    securityToken: step.key.token,
    endpoint: step.host,
    use_https: step.protocol === 'https',
  });
  return client[step.method](...step.args.map(revive));
}

async function sls(step) {
  const Sls = require('@alicloud/sls20201230');
  const OpenApi = require('@alicloud/openapi-core');
  const Config = OpenApi.$OpenApiUtil ? OpenApi.$OpenApiUtil.Config : require('@alicloud/openapi-client').Config;
  const Client = Sls.default;
  const client = new Client(
    new Config({
      accessKeyId: step.key.id,
      accessKeySecret: step.key.secret,
      securityToken: step.key.token,
      endpoint: step.host,
      regionId: step.region,
      protocol: step.protocol || 'https',
      signatureVersion: step.signature,
      readTimeout: patience,
      connectTimeout: patience,
    })
  );
  const args = step.args.map(arg =>
    arg && arg.$model ? new Sls[arg.$model](modelFields(Sls, arg.fields)) : arg
  );
  const answer = await client[step.method](...args);
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

function modelFields(Sls, fields) {
  const made = {};
  for (const [name, value] of Object.entries(fields || {})) {
    made[name] = value && value.$model ? new Sls[value.$model](modelFields(Sls, value.fields)) : value;
  }
  return made;
}

async function oss(step) {
  const Oss = require('ali-oss');
  const client = new Oss({
    accessKeyId: step.key.id,
    accessKeySecret: step.key.secret,
    stsToken: step.key.token,
    region: step.region,
    bucket: step.bucket,
    secure: step.protocol !== 'http',
    authorizationV4: step.signature === 'v4',
    retryMax: 0,
    timeout: patience,
  });
  const { res, ...answer } = await client[step.method](...step.args);
  return { status: res && res.status, ...answer };
}

// JSON has no dates: {"$date": milliseconds} becomes one.
function revive(value) {
  return value && typeof value === 'object' && '$date' in value ? new Date(value.$date) : value;
}

const clients = { openapi, 'pop-rpc': popRpc, 'pop-roa': popRoa, log, sls, oss };

async function main() {
  const { clockOffsetMinutes, steps } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  if (clockOffsetMinutes) {
    shiftClock(clockOffsetMinutes);
  }
  const results = [];
  for (const step of steps) {
    try {
      const value = await clients[step.client](step);
      results.push({ ok: true, value: value === undefined ? null : value });
    } catch (error) {
      const answered = error.data || error.result || {};
      results.push({
        ok: false,
        code: error.code || error.errorCode || answered.Code || answered.code || error.name,
        status: error.statusCode || error.status || answered.statusCode || answered.httpCode || null,
        message: String(error.message).slice(0, 600),
      });
    }
  }
  process.stdout.write(JSON.stringify(results) + '\n', () => process.exit(0));
}

main().catch(error => {
  process.stderr.write(String(error.stack) + '\n');
  process.exit(1);
});
