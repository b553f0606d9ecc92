pub fn sort(x: &mut i32) {}
pub fn swap(x: i32) {}
pub fn extra() { sort(&mut 1); }
