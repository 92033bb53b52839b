import { toldEverywhere } from '../everywhere.ts';
import { update } from '../scenarios.ts';

toldEverywhere(update);
