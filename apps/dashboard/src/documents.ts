import type { CallOutput } from '@spillway/contract';

/** The documents as the API answers them. Types only: nothing of the contract runs here but its client. */
export type Flag = CallOutput<'getFlag'>;
/** A flag as the list has it: with what is known of its staleness. */
export type ListedFlag = CallOutput<'listFlags'>['items'][number];
export type FlagEnvironment = Flag['environments'][string];
export type FlagRule = FlagEnvironment['rules'][number];
export type FlagServe = FlagEnvironment['fallthrough'];
export type Variant = Flag['variants'][number];
export type Environment = CallOutput<'createEnvironment'>;
export type KillSwitch = CallOutput<'getSwitch'>;
export type RolloutDocument = CallOutput<'getRollout'>;
export type Service = CallOutput<'getService'>;
export type ServiceStatus = CallOutput<'serviceStatus'>;
export type SeriesPoint = ServiceStatus['series'][number];
export type Change = CallOutput<'listChanges'>['items'][number];
export type Token = CallOutput<'listTokens'>['items'][number];
export type Session = CallOutput<'whoAmI'>;
