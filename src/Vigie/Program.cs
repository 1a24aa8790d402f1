Console.Error.WriteLine("vigie: no command given");
return 2;
