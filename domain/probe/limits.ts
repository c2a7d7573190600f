import { application, network, processor, windows } from './end-limits.ts'
import type { Rule } from './evidence.ts'
import { credit, loss, path, policing } from './path-limits.ts'

/** In the order in which one hides the other: what gives too little cannot fill what comes after it. */
export const RULES: readonly Rule[] = [processor, application, network, credit, windows, policing, loss, path]
