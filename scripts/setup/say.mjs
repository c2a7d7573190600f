import process from 'node:process'

/** Tells what the set-up is doing, on stderr: stdout belongs to what was asked for. @param {string} text */
export const say = (text) => {
  process.stderr.write(`${text}\n`)
}

/** A set-up step that could not be done: what happened, and what to do. */
export class SetUpError extends Error {
  /** @param {string} message @param {string} [nextStep] */
  constructor(message, nextStep) {
    super(nextStep === undefined ? message : `${message}\n${nextStep}`)
    this.name = 'SetUpError'
  }
}
