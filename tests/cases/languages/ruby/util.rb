def helper(x)
  if x > 1
    helper(x - 1)
  else
    0
  end
end
