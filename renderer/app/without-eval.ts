import { config } from 'zod'

/**
 * zod compiles validators with `new Function` where it may. Our Content-Security-Policy forbids that, and even the
 * probe would be reported as a violation; so this is imported before anything that makes a schema.
 */
config({ jitless: true })
