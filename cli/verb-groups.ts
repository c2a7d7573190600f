import { type VerbGroup, verbGroup } from './verb-group.ts'
import { addAutoscaleOff, addAutoscaleOn, addAutoscaleStatus } from './verbs/autoscale.ts'
import { addConfigCheck } from './verbs/config/check.ts'
import { addConfigExplain } from './verbs/config/explain.ts'
import { addConfigSchema } from './verbs/config/schema.ts'
import { addConfigShow } from './verbs/config/show.ts'
import { addExportTerraform } from './verbs/export-terraform.ts'
import { addExportWgQuick } from './verbs/export-wg-quick.ts'
import { addHelperInstall } from './verbs/helper-install.ts'
import { addHelperStatus } from './verbs/helper-status.ts'
import { addHelperUninstall } from './verbs/helper-uninstall.ts'
import { addLabCondition } from './verbs/lab-condition.ts'
import { addLabBreak, addLabHeal } from './verbs/lab-path.ts'
import { addLabShell } from './verbs/lab-shell.ts'
import { addLabTraffic } from './verbs/lab-traffic.ts'
import { addProbesCompare } from './verbs/probes/compare.ts'
import { addProbesDelete } from './verbs/probes/delete.ts'
import { addProbesList } from './verbs/probes/list.ts'
import { addProbesShow } from './verbs/probes/show.ts'
import { addProfilesDelete } from './verbs/profiles/delete.ts'
import { addProfilesEdit } from './verbs/profiles/edit.ts'
import { addProfilesExport } from './verbs/profiles/export.ts'
import { addProfilesImport } from './verbs/profiles/import.ts'
import { addProfilesList } from './verbs/profiles/list.ts'
import { addProfilesRestore } from './verbs/profiles/restore.ts'
import { addProfilesShow } from './verbs/profiles/show.ts'
import { addProfilesDuplicate, addProfilesRename } from './verbs/profiles/with-two-names.ts'

const PROFILES: VerbGroup = {
  name: 'profiles',
  summary: 'list, show, edit and share the saved profiles',
  description:
    'The saved profiles, which "mole create-profile" makes and "mole connect" uses. Without a verb it is "list", options and all. None of it needs an engine; a running one, and the panel, see each change at once.',
  verbs: [
    addProfilesList,
    addProfilesShow,
    addProfilesEdit,
    addProfilesRename,
    addProfilesDuplicate,
    addProfilesDelete,
    addProfilesRestore,
    addProfilesImport,
    addProfilesExport,
  ],
}

const PROBES: VerbGroup = {
  name: 'probes',
  summary: 'list, show and compare what was measured',
  description:
    'What "mole probe" measured: the last 100 probes are kept. Without a verb it is "list". Where a probe is asked for, its id will do, or the last characters of it, or "latest".',
  verbs: [addProbesList, addProbesShow, addProbesCompare, addProbesDelete],
}

const CONFIG: VerbGroup = {
  name: 'config',
  summary: 'check, show and explain the configuration',
  description:
    'The configuration: profiles and your own config.yaml are documents of the same kind. None of it needs an engine or changes anything.',
  verbs: [addConfigCheck, addConfigShow, addConfigExplain, addConfigSchema],
}

const LAB: VerbGroup = {
  name: 'lab',
  summary: 'work in the local lab: traffic, a shell, broken and poor paths',
  description:
    'The local lab: bastions and a private subnet as namespaces on this machine, with real WireGuard tunnels.',
  verbs: [addLabTraffic, addLabShell, addLabBreak, addLabHeal, addLabCondition],
}

const HELPER: VerbGroup = {
  name: 'helper',
  summary: 'install the part that may change the network of this machine',
  description:
    'The helper is the one part of Cloud Mole that needs root: it makes interfaces and routes on this machine, and nothing else. The local lab does without it, and so does a "mole" that is run as root.',
  verbs: [addHelperInstall, addHelperUninstall, addHelperStatus],
}

const AUTOSCALE: VerbGroup = {
  name: 'autoscale',
  summary: 'have the number of tunnels follow the load, and see why',
  description:
    'Scaling by itself: tunnels are added under load and removed when it has gone, within the range of the deployment. Each decision tells its reason.',
  verbs: [addAutoscaleOn, addAutoscaleOff, addAutoscaleStatus],
}

const EXPORT: VerbGroup = {
  name: 'export',
  summary: 'write a plan, or what is up, in the words of other tools',
  description: 'Writes a plan, or what is up, in the words of other tools.',
  verbs: [addExportTerraform, addExportWgQuick],
}

export const addAutoscale = verbGroup(AUTOSCALE)
export const addProbes = verbGroup(PROBES)
export const addProfiles = verbGroup(PROFILES)
export const addConfig = verbGroup(CONFIG)
export const addLab = verbGroup(LAB)
export const addExport = verbGroup(EXPORT)
export const addHelper = verbGroup(HELPER)
