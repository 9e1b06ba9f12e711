-- Each thread has one connection and sleeps on it before it asks, for a random time: users who know nothing of each other.
-- Arguments: mean sleep in microseconds (0: none), and what is sent by POST, if anything.
local ffi = require('ffi')
ffi.cdef('int usleep(unsigned int microseconds);')
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set('number', threads)
end

function init(args)
  math.randomseed(os.time() * 1000 + number)
  mean = tonumber(args[1])
  if args[2] then
    wrk.method = 'POST'
    wrk.body = args[2]
  end
  asked = wrk.format()
end

function request()
  if mean > 0 then
    ffi.C.usleep(-mean * math.log(1 - math.random()))
  end
  return asked
end
