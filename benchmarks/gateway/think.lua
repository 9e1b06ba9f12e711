-- Each connection waits between 0 and 20 ms, 10 on average, before it asks again.
function init(args)
  math.randomseed(os.time())
end

function delay()
  return math.random(0, 20)
end
