import fc from 'fast-check'

/*
 * Properties are tried with the same examples in every run, so that a change is judged by what it changed. Other examples:
 * MOLE_TEST_SEED=$RANDOM npm test -- unit
 */
fc.configureGlobal({ seed: Number(process.env.MOLE_TEST_SEED ?? 177) })
