// The closing line of `npm test`. A suite that could not even run counts as one failed test.

/** Prints `N passed, N failed, N skipped` alone on the last line. */
export default class ClosingLine {
  #line = '';

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    this.#line = `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    // jest prints more after its reporters ("Ran all test suites"): the very last line is written at exit.
    process.once('exit', () => process.stdout.write(`${this.#line}\n`));
  }

  getLastError() {
    return undefined;
  }
}
