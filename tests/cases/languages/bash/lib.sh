helper() { ls; }
