// Node-RED's settings for the demo: only for this machine, and without dialogs at the first start.
module.exports = {
  uiHost: "127.0.0.1",
  flowFile: "flows.json",
  flowFilePretty: true,
  // The key of a simulated account is not secret.
  credentialSecret: false,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, projects: { enabled: false } },
  logging: { console: { level: "warn", metrics: false, audit: false } },
};
