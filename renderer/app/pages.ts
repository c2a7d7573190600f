import {
  IconActivity,
  IconArrowsSplit,
  IconBookmarks,
  IconCpu,
  IconLayoutDashboard,
  IconRadar2,
  IconRocket,
  IconSettings,
  IconStack2,
} from '@tabler/icons-react'

/** In the order of the menu: what is up first, then what can be found out and set up, then the rest. */
export const PAGES = [
  { path: '/', title: 'Overview', icon: IconLayoutDashboard, begins: false },
  { path: '/scaling', title: 'Scaling', icon: IconStack2, begins: false },
  { path: '/flows', title: 'Flows', icon: IconArrowsSplit, begins: false },
  { path: '/tuning', title: 'Tuning', icon: IconCpu, begins: false },
  { path: '/probe', title: 'Probe', icon: IconRadar2, begins: true },
  { path: '/deploy', title: 'Deploy', icon: IconRocket, begins: false },
  { path: '/profiles', title: 'Profiles', icon: IconBookmarks, begins: false },
  { path: '/activity', title: 'Activity', icon: IconActivity, begins: true },
  { path: '/settings', title: 'Settings', icon: IconSettings, begins: false },
] as const
