// Left out: a method for each of GitHub's routes takes a tenth of a start to prepare, and our calls name their route.
exports.restEndpointMethods = () => ({});
