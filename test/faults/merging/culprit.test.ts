import { toldEverywhere } from '../everywhere.ts';
import { culprit } from '../scenarios.ts';

toldEverywhere(culprit);
