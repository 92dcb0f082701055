// Stands in for the fc3 component, which the command line would download: hands its JSON schema over.
const fs = require('fs');
exports.default = class {
  async getSchema() {
    return fs.readFileSync(process.env.FC3_SCHEMA, 'utf8');
  }
};
