import { describe, expect, it } from 'vitest'
import { explainFailure } from './iperf-problem.ts'

describe('explainFailure', () => {
  // What iperf3 3.12 says.
  it.each([
    ['the server is busy running a test. try again later', 'busy', /busy/],
    ['unable to connect to server: Connection refused', 'unreachable', /No iperf3 server answers at dtn, port 5201/],
    ['unable to connect to server: Connection timed out', 'unreachable', /Nothing answers/],
    ['unable to connect to server: Network is unreachable', 'unreachable', /no route to dtn/],
    ['unable to connect to server: No route to host', 'unreachable', /no route to dtn/],
    ['control socket has closed unexpectedly', 'broken', /broke off/],
    ['unable to receive control message: Connection reset by peer', 'broken', /broke off/],
    ['the server has terminated', 'broken', /broke off/],
    ['unable to write to stream socket: Connection reset by peer', 'broken', /broke off/],
    ['unable to read from stream socket: Connection reset by peer', 'broken', /broke off/],
    ['unable to send parameters to server: Broken pipe', 'broken', /broke off/],
    ['unable to receive results: Connection reset by peer', 'broken', /broke off/],
    ['stream socket has closed unexpectedly', 'broken', /broke off/],
    ['unable to send control message: Connection timed out', 'broken', /broke off/],
    ['unable to open -F file: No such file or directory', 'broken', /source file/],
    ['it gave no report in time', 'broken', /came to no end/],
    ['something new', 'broken', /something new/],
  ])('%s', (said, kind, message) => {
    const failure = explainFailure(said, 'dtn', 5201)
    expect(failure.kind).toBe(kind)
    expect(failure.problem.message).toMatch(message)
    expect(failure.problem.meaning).toBeTruthy()
    expect(failure.problem.nextStep).toBeTruthy()
  })
})
