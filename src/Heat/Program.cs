Console.WriteLine("heat");
