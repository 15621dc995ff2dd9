const major = Number(process.versions.node.split('.')[0]);
if (major !== 24) {
  throw new Error(
    `Tests run on Node 24, this is ${process.version}. Start them with npm (npm test), which brings Node 24 along.`,
  );
}
