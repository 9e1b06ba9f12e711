-- Each connection waits between 0 and 10 ms, 5 on average, before it asks again.
function init(args)
  math.randomseed(os.time())
end

function delay()
  return math.random(0, 10)
end
