"""Evidence -> the baseline Answer."""
